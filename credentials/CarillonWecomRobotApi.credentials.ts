import { wecomRobot } from '../src/services/wecom/wecomRobot.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWecomRobotApi extends credential(wecomRobot) {}
