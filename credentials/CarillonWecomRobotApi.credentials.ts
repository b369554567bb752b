import { wecomRobot } from '../src/channels/wecomRobot';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWecomRobotApi extends credential(wecomRobot) {}
