import { feishuRobot } from '../src/channels/feishuRobot';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonFeishuRobotApi extends credential(feishuRobot) {}
