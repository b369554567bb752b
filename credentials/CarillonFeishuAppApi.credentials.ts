import { feishuApp } from '../src/services/feishu/feishuApp.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonFeishuAppApi extends credential(feishuApp) {}
